#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/wire/delta_pipe.h"

#include <pthread.h>
#include <signal.h>

struct delta_pipe {
	const struct delta_sink *sink;
	struct zstd_encoder *encoder;
	struct delta_item items[DELTA_ITEMS];

	/*
	 * Items put, compressed and sent so far: sent <= made <= put. The
	 * worker owns items made..put, the caller the others. put, made,
	 * stop and failed are shared and guarded by the mutex.
	 */
	size_t put, made, sent;
	bool stop;
	int failed; /* code of an error in the worker */
	struct err worker_err;

	bool threaded;
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
};

static int compress_item(struct delta_pipe *p, struct delta_item *item,
			 struct err *err)
{
	switch (item->kind) {
	case ITEM_BEGIN:
		return zstd_encoder_begin(p->encoder, &item->settings, err);
	case ITEM_DATA:
		return zstd_encoder_push(p->encoder, item->buf, item->len,
					 &item->out, err);
	default: return zstd_encoder_end(p->encoder, &item->out, err);
	}
}

static void *work(void *arg)
{
	struct delta_pipe *p = arg;
	int ret = 0;

	pthread_mutex_lock(&p->mutex);
	for (;;) {
		struct delta_item *item = &p->items[p->made % DELTA_ITEMS];

		while (!p->stop && p->made == p->put)
			pthread_cond_wait(&p->changed, &p->mutex);
		if (p->stop || ret < 0)
			break;
		pthread_mutex_unlock(&p->mutex);
		ret = compress_item(p, item, &p->worker_err);
		pthread_mutex_lock(&p->mutex);
		p->failed = ret;
		p->made++;
		pthread_cond_signal(&p->changed);
	}
	pthread_mutex_unlock(&p->mutex);
	return NULL;
}

/* Signals are for the caller's thread. */
static bool start_thread(struct delta_pipe *p)
{
	sigset_t all, before;
	int ret;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	ret = pthread_create(&p->thread, NULL, work, p);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return !ret;
}

struct delta_pipe *delta_pipe_new(const struct delta_sink *sink, bool threaded)
{
	struct delta_pipe *p = xcalloc(1, sizeof(*p));
	size_t i;

	p->sink = sink;
	p->encoder = zstd_encoder_new();
	p->worker_err = (struct err)ERR_INIT;
	for (i = 0; i < DELTA_ITEMS; i++)
		p->items[i].out = (struct strbuf)STRBUF_INIT;
	pthread_mutex_init(&p->mutex, NULL);
	pthread_cond_init(&p->changed, NULL);
	/* Where no thread can be had, it only takes longer. */
	p->threaded = threaded && start_thread(p);
	return p;
}

void delta_pipe_free(struct delta_pipe *p)
{
	size_t i;

	if (!p)
		return;
	if (p->threaded) {
		pthread_mutex_lock(&p->mutex);
		p->stop = true;
		pthread_cond_signal(&p->changed);
		pthread_mutex_unlock(&p->mutex);
		pthread_join(p->thread, NULL);
	}
	for (i = 0; i < DELTA_ITEMS; i++) {
		free(p->items[i].buf);
		strbuf_release(&p->items[i].out);
	}
	pthread_mutex_destroy(&p->mutex);
	pthread_cond_destroy(&p->changed);
	zstd_encoder_free(p->encoder);
	err_release(&p->worker_err);
	free(p);
}

static int send_item(struct delta_pipe *p, struct err *err)
{
	struct delta_item *item = &p->items[p->sent % DELTA_ITEMS];
	int ret = 0;

	p->sent++;
	if (item->out.len)
		ret = p->sink->data(p->sink->ctx, item->out.buf, item->out.len,
				    err);
	strbuf_reset(&item->out);
	if (!ret && item->kind == ITEM_END)
		ret = p->sink->end_frame(p->sink->ctx, err);
	return ret;
}

/* Sends what is ready, waiting until at least "least" items were sent. */
static int send_ready(struct delta_pipe *p, size_t least, struct err *err)
{
	size_t made;
	int ret = 0, failed;

	while (!ret) {
		if (p->threaded)
			pthread_mutex_lock(&p->mutex);
		while (p->threaded && p->made == p->sent && p->sent < least)
			pthread_cond_wait(&p->changed, &p->mutex);
		made = p->made;
		failed = p->failed;
		if (p->threaded)
			pthread_mutex_unlock(&p->mutex);
		if (failed < 0)
			return err_set(err, failed, "%s", p->worker_err.msg.buf);
		if (p->sent == made)
			return 0;
		while (!ret && p->sent < made)
			ret = send_item(p, err);
	}
	return ret;
}

int delta_pipe_get(struct delta_pipe *p, struct delta_item **out, struct err *err)
{
	struct delta_item *item = &p->items[p->put % DELTA_ITEMS];
	size_t least = p->put < DELTA_ITEMS ? 0 : p->put + 1 - DELTA_ITEMS;
	int ret = send_ready(p, least, err);

	if (ret < 0)
		return ret;
	if (!item->buf)
		item->buf = xcalloc(1, DELTA_BLOCK);
	item->len = 0;
	*out = item;
	return 0;
}

int delta_pipe_put(struct delta_pipe *p, struct err *err)
{
	int ret;

	if (p->threaded) {
		pthread_mutex_lock(&p->mutex);
		p->put++;
		pthread_cond_signal(&p->changed);
		pthread_mutex_unlock(&p->mutex);
		return 0;
	}
	ret = compress_item(p, &p->items[p->put % DELTA_ITEMS], err);
	p->put++;
	p->made++;
	return ret;
}

int delta_pipe_drain(struct delta_pipe *p, struct err *err)
{
	return send_ready(p, p->put, err);
}
