# Bare-metal Cortex-M with GNU Arm. TWINSOCK_CPU chooses the core and the floating-point ABI.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)

set(TWINSOCK_CPU cortex-m3 CACHE STRING
  "cortex-m0plus, cortex-m3, cortex-m4f, cortex-m7, cortex-m33 or cortex-m33f")
set(_twinsock_flags_cortex-m0plus "-mcpu=cortex-m0plus -mfloat-abi=soft")
set(_twinsock_flags_cortex-m3 "-mcpu=cortex-m3 -mfloat-abi=soft")
set(_twinsock_flags_cortex-m4f "-mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16")
set(_twinsock_flags_cortex-m7 "-mcpu=cortex-m7 -mfloat-abi=hard -mfpu=fpv5-d16")
# An M33 may lack the FPU, and the DSP instructions that GCC then must not use either.
set(_twinsock_flags_cortex-m33 "-mcpu=cortex-m33+nodsp -mfloat-abi=soft")
set(_twinsock_flags_cortex-m33f "-mcpu=cortex-m33 -mfloat-abi=hard -mfpu=fpv5-sp-d16")
if(NOT DEFINED _twinsock_flags_${TWINSOCK_CPU})
  message(FATAL_ERROR "TWINSOCK_CPU is '${TWINSOCK_CPU}'; allowed are cortex-m0plus, cortex-m3, "
    "cortex-m4f, cortex-m7, cortex-m33 and cortex-m33f")
endif()
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES TWINSOCK_CPU)

set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_CXX_COMPILER arm-none-eabi-g++)
set(CMAKE_ASM_COMPILER arm-none-eabi-gcc)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
foreach(language IN ITEMS C CXX ASM)
  set(CMAKE_${language}_FLAGS_INIT
    "-mthumb ${_twinsock_flags_${TWINSOCK_CPU}} -ffunction-sections -fdata-sections")
endforeach()
set(CMAKE_EXE_LINKER_FLAGS_INIT "-Wl,--gc-sections")

set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE BOTH)
