print("rnnpkg: not built yet")
