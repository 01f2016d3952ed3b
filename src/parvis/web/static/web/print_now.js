// A page made for paper: the print dialog opens by itself; the button opens it again.
addEventListener("load", () => setTimeout(() => window.print?.(), 300));
