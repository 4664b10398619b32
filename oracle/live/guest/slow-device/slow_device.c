// SPDX-License-Identifier: GPL-2.0
/*
 * A page reporting device whose host answers late: its report function sleeps delay_ms before it returns. No pages are
 * dropped. It stands in the place of virtio_balloon, and waits as that does, without a limit.
 */
#define pr_fmt(text) KBUILD_MODNAME ": " text

#include <linux/delay.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/page_reporting.h>
#include <linux/scatterlist.h>

static int delay_ms;
module_param(delay_ms, int, 0644);
MODULE_PARM_DESC(delay_ms, "milliseconds until a request is answered");

static unsigned int requests;

/* Traced by its name: the recorder probes its entry and return, and reads blocks from the scatterlist. */
static int slow_device_report(struct page_reporting_dev_info *device, struct scatterlist *blocks, unsigned int count)
{
	unsigned long pages = 0;
	unsigned int i;

	for (i = 0; i < count; i++)
		pages += blocks[i].length >> PAGE_SHIFT;
	requests++;
	pr_info("request %u: %u blocks, %lu MiB, held for %d ms\n", requests, count, pages >> (20 - PAGE_SHIFT), delay_ms);
	if (delay_ms > 0)
		msleep(delay_ms);
	return 0;
}

static struct page_reporting_dev_info device = { .report = slow_device_report };

static int __init slow_device_start(void)
{
	return page_reporting_register(&device);
}

static void __exit slow_device_stop(void)
{
	page_reporting_unregister(&device);
}

module_init(slow_device_start);
module_exit(slow_device_stop);
MODULE_DESCRIPTION("A page reporting device that answers late");
MODULE_LICENSE("GPL");
