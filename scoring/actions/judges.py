"""What a judge sets for himself."""


def switch_large_type(*, user):
    """This function will switch an account's extra-large type (特大字) on or off."""
    user.large_type = not user.large_type
    user.save(update_fields=["large_type"])
