"""What is wrong with labelled files, found before anything is learned from them."""
