"""How long a request's body may be: asked before any of it is read."""

# deploy/nginx.conf allows as much. Forms have their own, smaller limits.
MOST_BODY = 20 * 1024 * 1024
# A ballot, a seat's code, a judge's card: what everybody may send has a few hundred bytes.
MOST_OF_ANYBODY = 4096
ANYBODY = ("/hall/", "/seat/", "/card/")
TOO_LONG = "发来的内容太长（上传的文件不能超过 20 MB），没有接收，请压缩或分开后再上传。\n"


def most_body(path):
    """This function will return how many bytes may be sent to a path."""
    return MOST_OF_ANYBODY if path.startswith(ANYBODY) else MOST_BODY


def is_too_long(path, announced):
    """This function will say whether a body of the announced length (text, may be empty) is refused
    at this path."""
    return announced.isdigit() and int(announced) > most_body(path)
