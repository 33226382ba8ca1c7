"""What a password must be: Django's checks, said in the words of these pages."""

from django.contrib.auth import password_validation as checks


class Length(checks.MinimumLengthValidator):
    """At least so many characters."""

    def get_error_message(self):
        """This function will say that the password is too short, and how long it must be."""
        return f"新密码太短，至少要有 {self.min_length} 个字符。"

    def get_help_text(self):
        """This function will say how long a password must be."""
        return f"至少 {self.min_length} 个字符，可以用几个不相干的词连起来。"


class NotLikeAccount(checks.UserAttributeSimilarityValidator):
    """Not like the account's own name."""

    def get_error_message(self):
        """This function will say that the password is too much like the account's name."""
        return "新密码和您的账号太像，请换一个。"

    def get_help_text(self):
        """This function will say that the account's name is no password."""
        return "不能和您的账号相近。"


class NotCommon(checks.CommonPasswordValidator):
    """None of the passwords that are tried first."""

    def get_error_message(self):
        """This function will say that many people use this password."""
        return "这个密码用的人太多，容易被猜到，请换一个。"

    def get_help_text(self):
        """This function will say that common passwords are refused."""
        return "不能是常见的密码。"


class NotOnlyDigits(checks.NumericPasswordValidator):
    """Not a number."""

    def get_error_message(self):
        """This function will say that digits alone are no password."""
        return "新密码不能全是数字，请加上字母。"

    def get_help_text(self):
        """This function will say that digits alone are no password."""
        return "不能全是数字。"
