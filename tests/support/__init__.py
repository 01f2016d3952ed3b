"""Tools that several test rooms share: a database server, a browser, an HTML checker."""
