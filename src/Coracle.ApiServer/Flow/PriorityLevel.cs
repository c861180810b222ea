namespace Coracle.ApiServer;

/// <summary>A request that has a seat, or waits for one.</summary>
/// <param name="Level">Where.</param>
/// <param name="Counters">Of its flow schema there.</param>
/// <param name="Queue">The queue of its flow; null where there are none.</param>
/// <param name="Seats">How many seats it takes.</param>
/// <param name="StartSeconds">Since when, once it has them.</param>
/// <param name="Waiter">What tells it, while it waits.</param>
/// <param name="Rejection">Why it was sent away.</param>
internal readonly record struct FlowTicket(
    PriorityLevel Level, FlowCounters Counters, FlowQueue? Queue, int Seats, double StartSeconds, FlowWaiter? Waiter = null, FlowRejection? Rejection = null);

/// <summary>One of a level's queues: requests of the flows that were dealt it, in the order of their arrival.</summary>
internal sealed class FlowQueue
{
    public LinkedList<FlowWaiter> Waiting { get; } = new();
    public int Executing { get; set; }
    public int SeatsInUse { get; set; }

    /// <summary>The work that waits, in seats.</summary>
    public int SeatsWaiting { get; set; }

    /// <summary>When, in virtual time, the next request of the queue would begin.</summary>
    public double NextStart { get; set; }
}

/// <summary>A request that waits in a queue.</summary>
internal sealed class FlowWaiter(FlowQueue queue, FlowCounters counters, int seats, double arrival, double arrivalSeconds)
{
    // Whoever gives a seat goes on with its own work.
    private readonly TaskCompletionSource<FlowRejection?> _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FlowQueue Queue { get; } = queue;
    public FlowCounters Counters { get; } = counters;
    public int Seats { get; } = seats;

    /// <summary>In virtual time.</summary>
    public double Arrival { get; } = arrival;
    public double ArrivalSeconds { get; } = arrivalSeconds;
    public LinkedListNode<FlowWaiter>? Place { get; set; }

    /// <summary>Why it was sent away; null for a seat.</summary>
    public Task<FlowRejection?> Told => _told.Task;
    public void Tell(FlowRejection? rejection) => _told.TrySetResult(rejection);
}

/// <summary>
/// Seats for the requests of one priority level, and fair queues for those that find none (upstream: util/flowcontrol/fairqueuing/queueset). Virtual time runs
/// as fast as one queue gets service; the queue goes first whose next request would end first in it, so that each queue that has requests gets the same.
/// </summary>
internal sealed class PriorityLevel(string name, Func<double> nowSeconds)
{
    /// <summary>How long a request is taken to last until it has ended.</summary>
    private const double ServiceSeconds = 0.003;

    private readonly Lock _lock = new();
    private readonly List<FlowQueue> _queues = [];
    private int _deck;
    private int _hand;
    private int _queueLengthMax;
    private bool _exempt;
    private int _limit;
    private int _executing;
    private int _seatsInUse;
    private int _waiting;
    private int _seatsWaiting;
    private int _activeQueues;
    private int _enqueued;
    private int _robin;
    private double _virtual;
    private double _last = nowSeconds();

    public string Name { get; } = name;
    public SeatDemand Demand { get; } = new(nowSeconds());

    /// <summary>Seats at this moment: with what it borrowed and without what it lent.</summary>
    public int Limit => Volatile.Read(ref _limit);

    public int RequestsWaiting => Volatile.Read(ref _waiting);

    /// <param name="exempt">There is no limit.</param>
    /// <param name="queues">0: what finds no seat is sent away.</param>
    /// <param name="hand">Among how many queues a flow chooses.</param>
    /// <param name="queueLengthMax">How many requests may wait in one.</param>
    public void Configure(bool exempt, int queues, int hand, int queueLengthMax)
    {
        lock (_lock)
        {
            // Queues beyond the new number are emptied, not dealt.
            while (_queues.Count < queues) _queues.Add(new FlowQueue());
            (_exempt, _deck, _hand, _queueLengthMax) = (exempt, queues, Math.Min(hand, ShuffleShards.HandMax), queueLengthMax);
        }
    }

    public void SetLimit(int seats)
    {
        List<FlowWaiter>? seated = null;
        lock (_lock)
        {
            Sync();
            Volatile.Write(ref _limit, seats);
            Dispatch(ref seated);
        }
        Tell(seated);
    }

    /// <summary>Ends the period over which demand is measured.</summary>
    public void EndPeriod()
    {
        lock (_lock)
        {
            Sync();
            Demand.Reset(_last);
        }
    }

    /// <summary>A seat, a place in a queue, or neither.</summary>
    public FlowTicket Enter(FlowCounters counters, ulong flow, int seats)
    {
        List<FlowWaiter>? seated = null;
        FlowTicket ticket;
        lock (_lock)
        {
            Sync();
            if (_exempt || _deck == 0)
            {
                if (!_exempt && !HasRoom(seats)) return Rejected(counters, FlowRejection.ConcurrencyLimit);
                Sit(counters, null, seats, 0);
                return new FlowTicket(this, counters, null, seats, _last);
            }
            var queue = Choose(flow);
            if (_seatsInUse >= _limit && queue.Waiting.Count >= _queueLengthMax) return Rejected(counters, FlowRejection.QueueFull);
            if (queue.Waiting.Count == 0 && queue.Executing == 0) (queue.NextStart, _activeQueues) = (_virtual, _activeQueues + 1);
            if (_waiting == 0 && HasRoom(seats))
            {
                Sit(counters, queue, seats, 0);
                return new FlowTicket(this, counters, queue, seats, _last);
            }
            ticket = new FlowTicket(this, counters, queue, seats, _last, Enqueue(counters, queue, seats));
            Dispatch(ref seated);
        }
        Tell(seated);
        return ticket;
    }

    private FlowTicket Rejected(FlowCounters counters, FlowRejection why)
    {
        counters.Rejected[(int)why]++;
        return new FlowTicket(this, counters, null, 0, 0, null, why);
    }

    /// <summary>Takes back a place in a queue. False when there is a seat by now.</summary>
    public bool GiveUp(FlowWaiter waiter, FlowRejection why)
    {
        lock (_lock)
        {
            if (waiter.Place is null) return false;
            Sync();
            Unqueue(waiter);
            if (waiter.Queue.Waiting.Count == 0 && waiter.Queue.Executing == 0) _activeQueues--;
            Demand.Set(_last, _seatsInUse + _seatsWaiting);
            waiter.Counters.Rejected[(int)why]++;
        }
        waiter.Tell(why);
        return true;
    }

    /// <summary>Gives seats back, and to those that wait.</summary>
    public void Leave(in FlowTicket ticket)
    {
        List<FlowWaiter>? seated = null;
        lock (_lock)
        {
            Sync();
            _executing--;
            _seatsInUse -= ticket.Seats;
            ticket.Counters.Executing--;
            ticket.Counters.Seats -= ticket.Seats;
            if (ticket.Queue is { } queue)
            {
                queue.Executing--;
                queue.SeatsInUse -= ticket.Seats;
                queue.NextStart -= ticket.Seats * (ServiceSeconds - (_last - ticket.StartSeconds));
                Bound(queue);
                if (queue.Waiting.Count == 0 && queue.Executing == 0) _activeQueues--;
            }
            Demand.Set(_last, _seatsInUse + _seatsWaiting);
            Dispatch(ref seated);
        }
        Tell(seated);
    }

    private static void Tell(List<FlowWaiter>? seated)
    {
        if (seated is null) return;
        foreach (var waiter in seated) waiter.Tell(null);
    }

    private void Sync()
    {
        var now = nowSeconds();
        if (_activeQueues > 0) _virtual += (now - _last) * Math.Min(_seatsInUse + _seatsWaiting, _limit) / _activeQueues;
        _last = now;
    }

    // A request that is larger than the limit goes alone.
    private bool HasRoom(int seats) => seats > _limit ? _executing == 0 : _seatsInUse + seats <= _limit;

    // Of the queues in the flow's hand the one with the least work; from a different one on each time, where there are several.
    private FlowQueue Choose(ulong flow)
    {
        Span<int> cards = stackalloc int[ShuffleShards.HandMax];
        var hand = cards[.._hand];
        ShuffleShards.Deal(flow, _deck, hand);
        var offset = _enqueued++ & int.MaxValue;
        FlowQueue? best = null;
        for (var i = 0; i < hand.Length; i++)
        {
            var queue = _queues[hand[(offset + i) % hand.Length]];
            if (best is null || queue.SeatsWaiting < best.SeatsWaiting) best = queue;
        }
        return best!;
    }

    private FlowWaiter Enqueue(FlowCounters counters, FlowQueue queue, int seats)
    {
        var waiter = new FlowWaiter(queue, counters, seats, _virtual, _last);
        waiter.Place = queue.Waiting.AddLast(waiter);
        queue.SeatsWaiting += seats;
        Volatile.Write(ref _waiting, _waiting + 1);
        _seatsWaiting += seats;
        counters.Waiting++;
        Demand.Set(_last, _seatsInUse + _seatsWaiting);
        return waiter;
    }

    private void Unqueue(FlowWaiter waiter)
    {
        waiter.Queue.Waiting.Remove(waiter.Place!);
        waiter.Place = null;
        waiter.Queue.SeatsWaiting -= waiter.Seats;
        Volatile.Write(ref _waiting, _waiting - 1);
        _seatsWaiting -= waiter.Seats;
        waiter.Counters.Waiting--;
    }

    private void Sit(FlowCounters counters, FlowQueue? queue, int seats, double waitedSeconds)
    {
        _executing++;
        _seatsInUse += seats;
        counters.Served(waitedSeconds);
        counters.Executing++;
        counters.Seats += seats;
        if (queue is not null)
        {
            queue.Executing++;
            queue.SeatsInUse += seats;
            queue.NextStart += seats * ServiceSeconds;
            Bound(queue);
        }
        Demand.Set(_last, _seatsInUse + _seatsWaiting);
    }

    private void Dispatch(ref List<FlowWaiter>? seated)
    {
        while (_waiting > 0 && Next() is { } waiter && HasRoom(waiter.Seats))
        {
            Unqueue(waiter);
            Sit(waiter.Counters, waiter.Queue, waiter.Seats, _last - waiter.ArrivalSeconds);
            (seated ??= []).Add(waiter);
        }
    }

    // The first of the queue whose first request would end first in virtual time.
    private FlowWaiter? Next()
    {
        FlowWaiter? best = null;
        var (bestEnd, bestIndex) = (double.MaxValue, _robin);
        for (var i = 1; i <= _queues.Count; i++)
        {
            var index = (_robin + i) % _queues.Count;
            if (_queues[index].Waiting.First is not { } first) continue;
            var end = _queues[index].NextStart + first.Value.Seats * ServiceSeconds;
            if (end < bestEnd) (best, bestEnd, bestIndex) = (first.Value, end, index);
        }
        _robin = bestIndex;
        return best;
    }

    // Time that a queue did not use is not saved up.
    private static void Bound(FlowQueue queue)
    {
        if (queue.Waiting.First is { } first && queue.NextStart < first.Value.Arrival) queue.NextStart = first.Value.Arrival;
    }
}
