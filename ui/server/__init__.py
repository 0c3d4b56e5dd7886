"""What stands between the network and the app: whose requests are served, uploads, and the end of sessions."""
