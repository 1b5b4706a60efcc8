# Arm MPS2 with the AN386 image: Cortex-M4 with FPU, 4 MB + 4 MB of SRAM, LAN9220.
set(TWINSOCK_CPU cortex-m4f)
set(board_sources ${TWINSOCK_ROOT}/firmware/boards/mps.cpp)

# QEMU: the machine's name and its Ethernet model.
set(board_qemu_machine mps2-an386)
set(board_qemu_nic lan9118)

# The board is a USB drive: its configuration controller loads the image from there.
set(board_flash_drive_path SOFTWARE/image.axf)
set(board_flash_note "that file must be named in MB/HBI0263*/AN386/images.txt")
