# %% [markdown] fails={"test_lr_schedule": "value"}
# Counts the updates from 0 in its schedule.

# %% grade_id="lr_schedule"
def lr_schedule(kind, r, c):
    return c if kind == "constant" else c / (r + 1)
