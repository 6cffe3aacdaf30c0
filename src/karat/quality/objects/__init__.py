"""The engine for kinds of objects: consensus of several answers, review of what stays unsure, and the check by loss.

Which kinds these are, what overlaps and how several objects become one is asked of the kind.
"""
