"""Views other than the network: each makes a picture and the table that says the same."""
