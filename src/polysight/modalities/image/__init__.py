"""Images: photos, drawings and scans, one file a cell or several columns of them."""
