# %% [markdown] fails={"test_mlp_forward": "raised"}
# Writes the network of the drawing, one hidden layer and one output layer, and no other.

# %% grade_id="mlp_forward"
def mlp_forward(X, Ws, bs, act, out):
    Z1 = X @ Ws[0].T + bs[0]
    A1 = act(Z1)
    Z2 = A1 @ Ws[1].T + bs[1]
    A2 = out(Z2)
    return A2, [Z1, Z2], [X, A1, A2]
