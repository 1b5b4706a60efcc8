# The desktop's own compiler, by name, so that a preset does not depend on the environment.
set(CMAKE_C_COMPILER gcc)
set(CMAKE_CXX_COMPILER g++)
