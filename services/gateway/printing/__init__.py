"""Dossiers on paper: PDF/A that is typeset in a process of its own."""
