"""What is told: which event prints a letter, and which one mails whom that something waits."""

from reports.subscriptions import applicants, beside, colleagues, judges, lateness, letters, objecting, pitches, posting, questions, reporting

__all__ = ["applicants", "beside", "colleagues", "judges", "lateness", "letters", "objecting", "pitches", "posting", "questions", "reporting"]
