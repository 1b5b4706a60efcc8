# Arm MPS3 with the AN524 image: the first of its two Cortex-M33, Secure state, LAN9220. Only the
# second of them has the FPU and the DSP instructions.
set(TWINSOCK_CPU cortex-m33)
set(board_sources ${TWINSOCK_ROOT}/firmware/boards/mps.cpp)

# QEMU: the machine's name and its Ethernet model.
set(board_qemu_machine mps3-an524)
set(board_qemu_nic lan9118)

# The board is a USB drive: its configuration controller loads the image from there.
set(board_flash_drive_path SOFTWARE/image.axf)
set(board_flash_note
  "name that file in MB/HBI0309*/AN524/images.txt and set REMAP: BRAM, REMAPVAL: 0 in an524_v1.txt")
