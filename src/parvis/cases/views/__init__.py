"""Pages of agents: the portfolio, one case, opening, acting."""
