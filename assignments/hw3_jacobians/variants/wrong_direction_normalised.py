# %% [markdown] fails={"test_jvp": "factor", "test_vjp": "factor"}
# Makes v and u unit vectors first, as directions often are.

# %% grade_id="jvp"
def jvp(x, v, Ws, bs, act):
    v = v / np.linalg.norm(v)
    for W, b in zip(Ws[:-1], bs[:-1]):
        x, slope = activation(W @ x + b, act)
        v = slope * (W @ v)
    return Ws[-1] @ v


# %% grade_id="vjp"
def vjp(x, u, Ws, bs, act):
    slopes = []
    for W, b in zip(Ws[:-1], bs[:-1]):
        x, slope = activation(W @ x + b, act)
        slopes.append(slope)
    u = u / np.linalg.norm(u) @ Ws[-1]
    for l in reversed(range(len(slopes))):
        u = (u * slopes[l]) @ Ws[l]
    return u
