"""Between a poll and its matching: entries that hold too little get the text of their page."""
