"""The words of the demo town: plain data and the code that loads and checks it.

Everything here is invented; nothing here knows Django.
"""
