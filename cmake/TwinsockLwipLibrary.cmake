# twinsock_add_lwip_library: the socket layer compiled against somebody's own lwIP and lwipopts.h,
# from the same sources in a checkout and in an installed package.
#
#   twinsock_add_lwip_library(my_sockets LWIP my_lwip)
#
# LWIP names the target that carries lwIP's include directories (lwipopts.h and arch/cc.h among
# them), definitions and flags; it may be made later. INCLUDE_DIRECTORIES lists them by hand where
# lwIP is no target. Both may be given. Link the program with my_sockets; where the lwIP target is a
# library it is linked after it.
#
# twinsock::lwip is made by itself, before or by add_subdirectory and find_package, where
# TWINSOCK_LWIP_TARGET or TWINSOCK_LWIP_INCLUDE_DIRS is set.
include_guard(GLOBAL)

function(twinsock_add_lwip_library target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "LWIP" "INCLUDE_DIRECTORIES")
  if(arg_UNPARSED_ARGUMENTS OR NOT (arg_LWIP OR arg_INCLUDE_DIRECTORIES))
    message(FATAL_ERROR "twinsock_add_lwip_library(${target} …) takes LWIP TARGET, "
      "INCLUDE_DIRECTORIES DIR…, or both")
  endif()
  get_property(sources GLOBAL PROPERTY TWINSOCK_LWIP_LIBRARY_SOURCES)
  get_property(source_dir GLOBAL PROPERTY TWINSOCK_PORT_DIR)
  get_property(include_dir GLOBAL PROPERTY TWINSOCK_INCLUDE_DIR)
  # An assertion names its file from here, also where ccache names it from the build directory.
  file(RELATIVE_PATH from_build ${CMAKE_BINARY_DIR} ${source_dir})
  add_library(${target} STATIC ${sources})
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_compile_options(${target} PRIVATE
    -fno-exceptions -fno-rtti -fno-threadsafe-statics -ffunction-sections -fdata-sections
    -fmacro-prefix-map=${source_dir}/=port/ -fmacro-prefix-map=${from_build}/=port/)
  target_include_directories(${target}
    PUBLIC ${include_dir} ${source_dir}/lwip/include
    PRIVATE ${source_dir})
  if(arg_LWIP)
    # Usage requirements alone: a target of sources (as vendors' SDKs have) is not compiled twice.
    target_include_directories(${target} SYSTEM
      PRIVATE $<TARGET_PROPERTY:${arg_LWIP},INTERFACE_INCLUDE_DIRECTORIES>)
    target_compile_definitions(${target}
      PRIVATE $<TARGET_PROPERTY:${arg_LWIP},INTERFACE_COMPILE_DEFINITIONS>)
    target_compile_options(${target}
      PRIVATE $<TARGET_PROPERTY:${arg_LWIP},INTERFACE_COMPILE_OPTIONS>)
    target_link_libraries(${target} INTERFACE $<LINK_ONLY:${arg_LWIP}>)
  endif()
  target_include_directories(${target} SYSTEM PRIVATE ${arg_INCLUDE_DIRECTORIES})
endfunction()

# twinsock::lwip, where the user has said what lwIP it is for.
macro(twinsock_add_default_lwip_library)
  if(NOT TARGET twinsock_lwip AND (TWINSOCK_LWIP_TARGET OR TWINSOCK_LWIP_INCLUDE_DIRS))
    twinsock_add_lwip_library(twinsock_lwip
      LWIP "${TWINSOCK_LWIP_TARGET}" INCLUDE_DIRECTORIES ${TWINSOCK_LWIP_INCLUDE_DIRS})
    add_library(twinsock::lwip ALIAS twinsock_lwip)
  endif()
endmacro()
