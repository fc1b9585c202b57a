"""Mail servers that do not do what one hopes."""

from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

from django.core.mail.backends.locmem import EmailBackend


class Refuses(EmailBackend):
    """Knows of one address that it does not exist, takes all others."""

    unknown = ""

    def send_messages(self, messages):
        for each in messages:
            if each.to == [self.unknown]:
                raise SMTPRecipientsRefused({self.unknown: (550, b"5.1.1 no such mailbox " + self.unknown.encode())})
        return super().send_messages(messages)


class Drops(EmailBackend):
    """Hangs up on one address, and answers nothing more until it is called again."""

    unknown, hung_up = "", False

    def open(self):
        return True

    def close(self):
        type(self).hung_up = False

    def send_messages(self, messages):
        if self.hung_up or messages[0].to == [self.unknown]:
            type(self).hung_up = True
            raise SMTPServerDisconnected
        return super().send_messages(messages)


def report(mail, *, action="failed", status="5.1.1", why="smtp; 550 5.1.1 <nobody@nowhere.example> unknown", to="bounces@drietrap.example"):
    """What a mail server writes about a mail of ours, quoting it (RFC 3464)."""
    quoted = mail.message().as_string()
    return (
        f"From: MAILER-DAEMON@mx.example\nTo: {to}\nSubject: Undelivered\nMIME-Version: 1.0\nMessage-ID: <1@mx.example>\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nSorry.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        f"Final-Recipient: rfc822; {mail.to[0]}\nAction: {action}\nStatus: {status}\nDiagnostic-Code: {why}\n\n"
        f"--b\nContent-Type: message/rfc822\n\n{quoted}\n--b--\n"
    ).encode()
