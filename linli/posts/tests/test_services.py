def test_the_cast_stands(cast, sign_in):
    assert cast.lin.can("cases.view", cast.grid.path)
    assert not cast.lin.can("cases.view", cast.community.path)
    assert not cast.zhou.can("cases.view", cast.grid.path)
