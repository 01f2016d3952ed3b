"""What the public says back: was it solved, how satisfied, thanks.

Hangs on contacts and cases; never changes them except by their own actions."""
