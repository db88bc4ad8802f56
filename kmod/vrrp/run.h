/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A step of a router's machine and what it leaves to be done, for the files that make
 * one router: router.c, heard.c, place.c.
 */
#ifndef HAK_VRRP_RUN_H
#define HAK_VRRP_RUN_H

#include "router.h"

/**
 * hak_run_init() - nothing is to be done yet
 * @run: filled
 */
void hak_run_init(struct hak_run *run);

/**
 * hak_run_step() - run the machine; what may not be done under the lock is left in @run
 * @r: router
 * @cfg: its configuration
 * @ev: what has happened
 * @stopped: why, when it is to stop; otherwise NULL
 * @run: what is left to be done
 *
 * Context: r->lock held.
 */
void hak_run_step(struct hak_router *r, const struct hak_router_cfg *cfg,
		  const struct hak_fsm_event *ev, const char *stopped,
		  struct hak_run *run);

/**
 * hak_run_take_advert() - an advert, in all forms that are sent, is left to be sent
 * @r: router
 * @priority: its own, or 0
 * @run: takes it
 *
 * Context: r->lock held.
 */
void hak_run_take_advert(struct hak_router *r, u8 priority, struct hak_run *run);

/**
 * hak_run_finish() - do what is left, in the order of a takeover
 * @r: router
 * @cfg: its configuration
 * @run: what is left to be done
 *
 * Adverts, announcements, events, and last the local addresses, which wait for RTNL.
 * Context: BH off, RCU read side, no lock of a router held.
 */
void hak_run_finish(struct hak_router *r, const struct hak_router_cfg *cfg,
		    struct hak_run *run);

/**
 * hak_router_form() - the form of checksum to send
 * @r: router
 * @cfg: its configuration
 *
 * Context: r->lock held.
 * Return: HAK_CHECKSUM_AUTO: both, each interval.
 */
enum hak_checksum hak_router_form(const struct hak_router *r,
				  const struct hak_router_cfg *cfg);

/**
 * hak_router_publish_roles() - let the data path know what the router is for its addresses
 * @r: router
 * @cfg: its configuration
 *
 * Context: r->lock held.
 */
void hak_router_publish_roles(struct hak_router *r, const struct hak_router_cfg *cfg);

#endif /* HAK_VRRP_RUN_H */
