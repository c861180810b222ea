namespace Coracle.Sdk.Tests;

public sealed class WorkQueueTests
{
    private readonly SimulationLoop loop = new(3);

    private WorkQueue<string> New(WorkQueueOptions? options = null) => new(options ?? new(), loop.Time);

    private string? Take(WorkQueue<string> queue)
    {
        var take = queue.TakeAsync();
        return take.IsCompleted ? take.GetAwaiter().GetResult()?.Item : null;
    }

    [Fact]
    public void An_item_added_twice_is_taken_once()
    {
        var queue = New();
        queue.Add("a");
        queue.Add("a");
        Assert.Equal("a", Take(queue));
        Assert.Equal(0, queue.Depth);
    }

    [Fact]
    public void An_item_added_while_worked_on_is_taken_again_afterwards_and_not_before()
    {
        var queue = New();
        queue.Add("a");
        Assert.Equal("a", Take(queue));
        queue.Add("a");
        queue.Add("a");
        Assert.Equal(0, queue.Depth);
        queue.Done("a");
        Assert.Equal(1, queue.Depth);
        Assert.Equal("a", Take(queue));
        queue.Done("a");
        Assert.Equal(0, queue.Depth);
    }

    [Fact]
    public void A_waiting_taker_is_served_by_the_next_add()
    {
        var queue = New();
        var take = queue.TakeAsync();
        Assert.False(take.IsCompleted);
        queue.Add("a");
        Assert.True(take.IsCompleted);
    }

    [Fact]
    public void A_taker_that_gave_up_takes_nothing_with_it()
    {
        var queue = New();
        using var cancel = new CancellationTokenSource();
        var gone = loop.Start(async () => await queue.TakeAsync(cancel.Token));
        loop.Inside(cancel.Cancel);
        queue.Add("a");
        loop.RunReady();
        Assert.True(gone.IsCanceled);
        Assert.Equal("a", Take(queue));
    }

    [Fact]
    public void Of_several_delays_the_shortest_counts()
    {
        var queue = New();
        queue.AddAfter("a", TimeSpan.FromSeconds(10));
        queue.AddAfter("a", TimeSpan.FromSeconds(2));
        queue.AddAfter("a", TimeSpan.FromSeconds(30));
        loop.RunFor(TimeSpan.FromSeconds(1.9));
        Assert.Equal(0, queue.Depth);
        loop.RunFor(TimeSpan.FromSeconds(0.2));
        Assert.Equal("a", Take(queue));
        queue.Done("a");
        loop.RunFor(TimeSpan.FromMinutes(1));
        Assert.Equal(0, queue.Depth);
    }

    [Fact]
    public void A_delayed_item_that_is_added_outright_is_taken_once()
    {
        var queue = New();
        queue.AddAfter("a", TimeSpan.FromSeconds(10));
        queue.Add("a");
        Assert.Equal("a", Take(queue));
        queue.Done("a");
        loop.RunFor(TimeSpan.FromMinutes(1));
        Assert.Equal(0, queue.Depth);
    }

    [Fact]
    public void A_delay_asked_for_while_the_item_is_worked_on_starts_then()
    {
        var queue = New();
        queue.Add("a");
        Take(queue);
        queue.AddAfter("a", TimeSpan.FromSeconds(5));
        queue.Done("a");
        Assert.Equal(0, queue.Depth);
        loop.RunFor(TimeSpan.FromSeconds(6));
        Assert.Equal(1, queue.Depth);
    }

    [Fact]
    public void Failures_double_the_wait_up_to_the_limit_and_success_forgets_them()
    {
        var queue = New(new() { RetriesPerSecond = 0 });
        var expected = TimeSpan.FromMilliseconds(5);
        for (var i = 0; i < 30; i++)
        {
            var began = loop.Time.GetUtcNow();
            queue.AddRateLimited("a");
            Assert.True(loop.RunUntil(() => queue.Depth == 1, TimeSpan.FromHours(1)));
            Assert.Equal(expected, loop.Time.GetUtcNow() - began);
            Take(queue);
            queue.Done("a");
            expected = TimeSpan.FromTicks(Math.Min(2 * expected.Ticks, TimeSpan.FromSeconds(1000).Ticks));
        }
        queue.Forget("a");
        queue.AddRateLimited("a");
        loop.RunFor(TimeSpan.FromMilliseconds(5));
        Assert.Equal(1, queue.Depth);
    }

    [Fact]
    public void Retries_of_many_items_share_one_rate()
    {
        var queue = New(new() { RetriesPerSecond = 10, RetryBurst = 100 });
        for (var i = 0; i < 150; i++) queue.AddRateLimited($"item-{i}");
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(110, queue.Depth);
        loop.RunFor(TimeSpan.FromSeconds(4));
        Assert.Equal(150, queue.Depth);
    }

    [Fact]
    public void An_initial_list_lets_what_happens_now_pass_and_is_served_all_the_same()
    {
        var queue = New(new() { OldestEvery = 8 });
        for (var i = 0; i < 1000; i++) queue.Add($"old-{i}", Priority.Low);
        var old = new List<string>();
        var lastWait = 0;
        for (var i = 0; i < 8000; i++)
        {
            queue.Add($"new-{i}");
            var item = Take(queue)!;
            if (item.StartsWith("old", StringComparison.Ordinal)) old.Add(item);
            else lastWait = Math.Max(lastWait, i - int.Parse(item[4..]));
            queue.Done(item);
        }
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"old-{i}"), old);
        Assert.True(lastWait < 8000 / 7, "what happens now waits no longer than the share of the old");
    }

    [Fact]
    public void An_item_of_the_initial_list_that_changes_now_moves_ahead()
    {
        var queue = New();
        queue.Add("a", Priority.Low);
        queue.Add("b", Priority.Low);
        queue.Add("b");
        Assert.Equal("b", Take(queue));
        Assert.Equal("a", Take(queue));
        Assert.Null(Take(queue));
    }

    [Fact]
    public void Shutting_down_waits_for_what_was_taken_and_drops_the_rest()
    {
        var queue = New();
        queue.Add("a");
        queue.Add("b");
        queue.AddAfter("c", TimeSpan.FromSeconds(1));
        Take(queue);
        var down = queue.ShutDownAsync();
        Assert.False(down.IsCompleted);
        queue.Add("d");
        Assert.True(queue.TakeAsync() is { IsCompleted: true, Result: null });
        queue.Done("a");
        Assert.True(down.IsCompleted);
        Assert.Equal((0, 0), (queue.Depth, queue.Delayed));
    }

    [Fact]
    public void Draining_hands_out_what_is_ready_before_it_ends()
    {
        var queue = New();
        queue.Add("a");
        queue.Add("b");
        Take(queue);
        queue.Add("a");
        var down = queue.ShutDownAsync(drain: true);
        Assert.Equal("b", Take(queue));
        queue.Done("b");
        queue.Done("a");
        Assert.Equal("a", Take(queue));
        queue.Done("a");
        Assert.True(down.IsCompleted);
        Assert.True(queue.TakeAsync() is { IsCompleted: true, Result: null });
    }

    [Fact]
    public void Takers_that_wait_when_a_drain_ends_are_let_go()
    {
        var queue = New();
        queue.Add("a");
        Take(queue);
        queue.Add("a");
        var waiting = queue.TakeAsync();
        var other = queue.TakeAsync();
        _ = queue.ShutDownAsync(drain: true);
        queue.Done("a");
        loop.RunReady();
        Assert.True(waiting.IsCompleted && other.IsCompleted);
    }

    [Fact]
    public void Memory_is_bounded_by_the_items_however_often_they_are_added()
    {
        var queue = New();
        for (var i = 0; i < 100_000; i++)
        {
            queue.AddAfter($"{i % 10}", TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(i));
            queue.Add($"x{i % 10}", i % 2 == 0 ? Priority.Low : Priority.Normal);
        }
        Assert.Equal(10, queue.Delayed);
        Assert.Equal(10, queue.Depth);
    }

    [Fact]
    public void Metrics_carry_the_names_of_client_go()
    {
        var metrics = new MetricRegistry();
        var queue = new WorkQueue<string>(new() { Name = "q" }, loop.Time, metrics);
        queue.Add("a");
        queue.Add("b");
        Take(queue);
        loop.RunFor(TimeSpan.FromSeconds(3));
        var text = metrics.ToText();
        Assert.Contains("workqueue_unfinished_work_seconds{name=\"q\",controller=\"q\"} 3\n", text);
        Assert.Contains("workqueue_longest_running_processor_seconds{name=\"q\",controller=\"q\"} 3\n", text);
        Assert.Contains("workqueue_depth{name=\"q\",controller=\"q\"} 1\n", text);
        Assert.Contains("workqueue_adds_total{name=\"q\",controller=\"q\"} 2\n", text);
        Assert.Contains("workqueue_queue_duration_seconds_count{name=\"q\",controller=\"q\"} 1\n", text);
        Assert.Contains("# TYPE workqueue_retries_total counter\n", text);
    }
}

public sealed class WorkQueueThreadTests
{
    [Fact]
    public async Task With_many_threads_no_item_is_lost_and_none_worked_on_twice_at_once()
    {
        var queue = new WorkQueue<int>(new() { RetriesPerSecond = 0 }, TimeProvider.System);
        var (inside, wanted, seen) = (new int[50], new int[50], new int[50]);
        var workers = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (await queue.TakeAsync() is { } item)
            {
                Assert.Equal(1, Interlocked.Increment(ref inside[item.Item]));
                Volatile.Write(ref seen[item.Item], Volatile.Read(ref wanted[item.Item]));
                if (item.Item % 5 == 0) await Task.Yield();
                Interlocked.Decrement(ref inside[item.Item]);
                queue.Done(item.Item);
            }
        })).ToList();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(producer => Task.Run(() =>
        {
            var random = new Random(producer);
            for (var i = 0; i < 50_000; i++)
            {
                var item = random.Next(50);
                Interlocked.Increment(ref wanted[item]);
                if (i % 3 == 0) queue.AddAfter(item, TimeSpan.FromTicks(random.Next(1000)));
                queue.Add(item, random.Next(3) - 1);
            }
        })));
        await queue.ShutDownAsync(drain: true);
        await Task.WhenAll(workers);
        Assert.Equal(wanted, seen);
    }
}
