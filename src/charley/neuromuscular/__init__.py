"""neuromuscular"""
