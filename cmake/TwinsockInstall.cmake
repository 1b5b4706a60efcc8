# What `cmake --install` puts where, and the CMake package over it. Included by port/CMakeLists.txt.
include(CMakePackageConfigHelpers)

set(TWINSOCK_INSTALL_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/twinsock)
set(TWINSOCK_INSTALL_PORT_DIR ${CMAKE_INSTALL_DATADIR}/twinsock/port)

install(DIRECTORY ${TWINSOCK_PORT_DIR}/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
if(TARGET twinsock_posix)
  install(TARGETS twinsock_posix EXPORT twinsockTargets DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(DIRECTORY ${TWINSOCK_PORT_DIR}/posix/include/
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/twinsock-posix)
  install(EXPORT twinsockTargets NAMESPACE twinsock:: DESTINATION ${TWINSOCK_INSTALL_PACKAGE_DIR})
endif()

# twinsock::lwip depends on the user's lwipopts.h, so its sources are what is installed.
install(DIRECTORY ${TWINSOCK_PORT_DIR}/core ${TWINSOCK_PORT_DIR}/native ${TWINSOCK_PORT_DIR}/lwip
  DESTINATION ${TWINSOCK_INSTALL_PORT_DIR}
  FILES_MATCHING PATTERN "*.h" PATTERN "*.hpp" PATTERN "*.cpp")
set(TWINSOCK_INSTALL_SOURCES)
foreach(source IN LISTS TWINSOCK_CORE_SOURCES TWINSOCK_LWIP_BACKEND_SOURCES)
  cmake_path(RELATIVE_PATH source BASE_DIRECTORY ${TWINSOCK_PORT_DIR})
  list(APPEND TWINSOCK_INSTALL_SOURCES ${source})
endforeach()
install(FILES ${PROJECT_SOURCE_DIR}/cmake/TwinsockLwipLibrary.cmake
  DESTINATION ${TWINSOCK_INSTALL_PACKAGE_DIR})

configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/twinsockConfig.cmake.in
  ${PROJECT_BINARY_DIR}/package/twinsockConfig.cmake
  INSTALL_DESTINATION ${TWINSOCK_INSTALL_PACKAGE_DIR}
  PATH_VARS TWINSOCK_INSTALL_PORT_DIR CMAKE_INSTALL_INCLUDEDIR)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/package/twinsockConfigVersion.cmake
  COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES ${PROJECT_BINARY_DIR}/package/twinsockConfig.cmake
  ${PROJECT_BINARY_DIR}/package/twinsockConfigVersion.cmake
  DESTINATION ${TWINSOCK_INSTALL_PACKAGE_DIR})
