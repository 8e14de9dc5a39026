"""The account: claims with their evidence, told in versions for different readers, and the drift between two tellings.

Compares texts and quotes both sides. It never rewrites a version, never judges a person, and treats a declared redaction as honest.
"""
