version = "0"
