"""What the house knows: sheets, their versions, the national set, search.

Not who asked, nor what was answered to whom: that is contacts."""
