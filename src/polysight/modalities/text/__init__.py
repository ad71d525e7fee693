"""Text: free text in any script, as word numbers for a network and as term weights for classical learners."""
