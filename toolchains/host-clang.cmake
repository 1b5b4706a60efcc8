# The second compiler: everything of ours builds without a warning under both.
set(CMAKE_C_COMPILER clang)
set(CMAKE_CXX_COMPILER clang++)
