"""Report: one offline HTML file."""
