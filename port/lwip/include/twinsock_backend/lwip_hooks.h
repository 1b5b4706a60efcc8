/* What the layer asks of lwIP's own code, for the file of LWIP_HOOK_FILENAME. In C, and nothing to
   link: lwIP alone includes it. */
#ifndef TWINSOCK_BACKEND_LWIP_HOOKS_H
#define TWINSOCK_BACKEND_LWIP_HOOKS_H

#include "lwip/opt.h"

#if LWIP_TCP
#include "lwip/priv/tcp_priv.h"
#include "lwip/prot/tcp.h"

/* lwIP 2.2.1 answers every acknowledgement that comes while its window is closed. Two such hosts,
   both windows closed, answer each other's answers as fast as the network carries them, until one
   of them reads. By RFC 9293 3.10.7.4 a segment in order asks for no answer; but one that looks the
   same, or is ahead by what a window probe sent, may be a keep-alive probe. So those without news
   get one answer each 500 ms, of lwIP; the others are taken note of here, as lwIP would, and
   dropped. What acknowledges something, moves a window, carries data or comes while bytes of ours
   are on their way goes on to lwIP, which calls this for every segment of a connection. */
static inline err_t twinsock_tcp_segment_came(struct tcp_pcb* pcb, const struct tcp_hdr* header,
                                              const struct pbuf* payload) {
  /* First the state: a listener's control block ends before the fields that follow. */
  if (pcb->state < ESTABLISHED || pcb->rcv_wnd != 0 || payload->tot_len != 0) return ERR_OK;
  if (TCPH_FLAGS(header) != TCP_ACK || pcb->tmr != tcp_ticks) return ERR_OK;
  if (TCP_SEQ_LT(header->seqno, pcb->rcv_nxt)) return ERR_OK;
  if (header->ackno != pcb->lastack || SND_WND_SCALE(pcb, header->wnd) != pcb->snd_wnd) {
    return ERR_OK;
  }
  if (pcb->unacked) return ERR_OK;
  if ((pcb->flags & TF_RXCLOSED) == 0) pcb->tmr = tcp_ticks;
  pcb->keep_cnt_sent = 0;
  pcb->persist_probe = 0;
  return ERR_ABRT;
}
#define LWIP_HOOK_TCP_INPACKET_PCB(pcb, header, options, first, second, payload) \
  twinsock_tcp_segment_came(pcb, header, payload)

#endif
#endif
