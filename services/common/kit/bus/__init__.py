"""RabbitMQ: the exchange and queues, a publisher with pipelined confirms, a consumer, dead letters."""
