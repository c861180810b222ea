using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>One event as a client reads it.</summary>
/// <param name="Type">ADDED, MODIFIED, DELETED, BOOKMARK or ERROR.</param>
/// <param name="Object">The object, in the encoding that the client asked for.</param>
public readonly record struct WatchFrame(string Type, ReadOnlyMemory<byte> Object);

/// <summary>
/// A watcher: a cursor into the resource's event log and a filter; one that asks for a single value of a field goes on, once it has caught up, by a queue of
/// its own (<see cref="WatchTopics"/>). Whoever sends the events pulls them: wait, then take until there are none.
/// A watcher that fell behind the log's history is told so with an ERROR event of code 410 and ends; it never skips silently.
/// </summary>
public sealed class WatchStream : IDisposable
{
    /// <summary>How often a quiet watch that asked for bookmarks gets one (upstream: about a minute).</summary>
    private static readonly TimeSpan BookmarkEvery = TimeSpan.FromSeconds(60);

    private readonly TimeProvider _clock;
    private readonly ResourceCache _cache;
    private readonly ListOptions _options;
    private readonly Func<StoredObject, bool, ReadOnlyMemory<byte>> _show;
    private readonly bool _sendInitial;
    private readonly DateTimeOffset _deadline;
    private DateTimeOffset _nextBookmark;
    // The last event of the log that was looked at; null where all that is to come is in the queue.
    private ResourceEvent? _cursor;

    // With a queue: the event after which it begins.
    private ResourceEvent? _handedOver;
    private WatchQueue? _queue;
    private long _begins;
    private long _seen;
    private long _after;
    private IEnumerator<StoredObject>? _initial;
    private WatchWaiter? _waiter;
    private ApiStatus? _error;
    private bool _first = true;
    private bool _ended;
    private bool _closed;

    internal WatchStream(TimeProvider clock, ResourceCache cache, ListOptions options, Func<StoredObject, bool, ReadOnlyMemory<byte>> show, TimeSpan timeout, bool sendInitial)
    {
        (_clock, _cache, _options, _show, _sendInitial) = (clock, cache, options, show, sendInitial);
        _deadline = clock.GetUtcNow() + timeout;
        _nextBookmark = clock.GetUtcNow() + BookmarkEvery;
    }

    /// <summary>Kind and version that bookmarks have.</summary>
    public required (string Kind, string ApiVersion) Marked { get; init; }

    /// <summary>Brings bookmarks and errors from JSON into the encoding of the objects; null where that is JSON.</summary>
    internal Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>? Encode { get; init; }

    /// <summary>Whose objects these are: the watch ends when it is served no more, and makes its objects ready first where that is needed.</summary>
    internal Resource? Source { get; init; }

    // The last event whose object is ready; null where all are.
    private ResourceEvent? _ready;

    /// <summary>Told once, when whoever sends the events sends no more.</summary>
    internal Action? Closed { get; set; }

    /// <summary>A watch that says no more than why there is none: clients look for errors in the stream.</summary>
    internal void Refuse(ApiStatus error) => _error = error;

    internal void Begin(ResourceEvent? start, long revision)
    {
        _cursor = start;
        _after = revision;
        _begins = start?.Revision ?? 0;
        if (start is null)
            _error = ApiStatus.Expired($"too old resource version: {revision} ({_cache.Floor})");
        else if (_sendInitial)
            _initial = start.After.From(_options.Filter.StartKey).GetEnumerator();
        if (start is not null && Source is null && _options.Filter.Topic is { } topic) _handedOver = _cache.Follow(_queue = new(topic));
    }

    private bool HasNext => _cursor is { } at && !ReferenceEquals(at, _handedOver) ? at.Next is not null : _queue is { IsEmpty: false };

    /// <summary>The next event to look at; null when there is none right now.</summary>
    private ResourceEvent? Next()
    {
        if (_cursor is { } at && !ReferenceEquals(at, _handedOver)) return ReferenceEquals(at, _ready) ? null : at.Next is { } next ? _cursor = next : null;
        // From here on the log need not be kept for this watcher.
        if (_queue is not null) _cursor = _handedOver = null;
        return _queue?.Take();
    }

    private bool HasFallenBehind => _queue is { IsOverflown: true } || _cursor is { Next: not null } && !ReferenceEquals(_cursor, _handedOver) && _cursor.Revision < _cache.Floor;

    /// <summary>Completes when there may be something to take. False: the watch is over.</summary>
    public async ValueTask<bool> WaitAsync(CancellationToken cancel)
    {
        while (!_ended)
        {
            var now = _clock.GetUtcNow();
            if (_error is not null || _initial is not null || HasNext || _options.Bookmarks && now >= _nextBookmark)
            {
                if (Source?.NeedsPreparing == true) await PrepareAsync(Source, cancel);
                return true;
            }
            if (now >= _deadline || Source?.IsRetired == true) return false;
            var until = _options.Bookmarks && _nextBookmark < _deadline ? _nextBookmark : _deadline;
            _waiter ??= new WatchWaiter(_clock, _cache);
            if (_queue is null) await _waiter.WaitAsync(_cursor!, until, cancel);
            else
            {
                if (ReferenceEquals(_cursor, _handedOver)) _cursor = _handedOver = null;
                await _waiter.WaitAsync(_queue, until, cancel);
            }
            cancel.ThrowIfCancellationRequested();
        }
        return false;
    }

    private async ValueTask PrepareAsync(Resource source, CancellationToken cancel)
    {
        if (_error is not null) return;
        var shown = new List<StoredObject>();
        var filter = _options.Filter;
        if (_initial is not null) shown.AddRange(_cursor!.After.From(filter.StartKey).TakeWhile(filter.InRange).Where(obj => filter.LooksIntoViews || filter.Matches(obj)));
        var last = _cursor!;
        while (last.Next is { } e)
        {
            shown.Add(e.Current ?? e.Deleted);
            if (e.Previous is not null && e.Current is not null) shown.Add(e.Deleted);
            if (e.Previous is not null && filter.LooksIntoViews) shown.Add(e.Previous);
            last = e;
        }
        _ready = last;
        if (shown.Count > 0) _error = await source.PrepareAsync(shown, cancel);
    }

    /// <summary>The next event that the filter lets through; false when there is none right now.</summary>
    public bool TryTake(out WatchFrame frame)
    {
        if (_error is not null) return TakeError(out frame);
        if (_ready is null && Source?.NeedsPreparing == true)
        {
            frame = default;
            return false;
        }
        if (_initial is not null && TakeInitial(out frame)) return true;
        if (HasFallenBehind)
        {
            _error = ApiStatus.Expired($"too old resource version: {_cursor?.Revision ?? _seen} ({_cache.Floor})");
            return TakeError(out frame);
        }
        while (Next() is { } e)
        {
            _seen = e.Revision;
            if (Frame(e) is not { } found) continue;
            frame = found;
            return true;
        }
        return TakeBookmark(out frame);
    }

    private bool TakeError(out WatchFrame frame)
    {
        frame = _ended ? default : new("ERROR", Encoded(_error!.ToJson()));
        var taken = !_ended;
        _ended = true;
        return taken;
    }

    private bool TakeInitial(out WatchFrame frame)
    {
        while (_initial!.MoveNext())
        {
            var obj = _initial.Current;
            if (!_options.Filter.InRange(obj)) break;
            if (!_options.Filter.Matches(obj)) continue;
            frame = new("ADDED", Show(obj));
            return true;
        }
        _initial.Dispose();
        _initial = null;
        frame = default;
        if (_options.SendInitialEvents != true || !_options.Bookmarks) return false;
        frame = new("BOOKMARK", Bookmark(Math.Max(_begins, _options.ResourceVersion ?? 0), initialEventsEnd: true));
        return true;
    }

    // Selectors follow what matched before and what matches now, so that a client's view is as if it had filtered all events itself.
    private WatchFrame? Frame(ResourceEvent e)
    {
        if (e.Revision <= _after) return null;
        var isMatch = e.Current is not null && _options.Filter.Matches(e.Current);
        var wasMatch = e.Previous is not null && _options.Filter.Matches(e.Previous);
        return (wasMatch, isMatch) switch
        {
            (true, true) => new("MODIFIED", Show(e.Current!)),
            (false, true) => new("ADDED", Show(e.Current!)),
            (true, false) => new("DELETED", Show(e.Deleted)),
            _ => null,
        };
    }

    private ReadOnlyMemory<byte> Show(StoredObject obj)
    {
        var bytes = _show(obj, _first);
        _first = false;
        return bytes;
    }

    private bool TakeBookmark(out WatchFrame frame)
    {
        frame = default;
        var now = _clock.GetUtcNow();
        if (!_options.Bookmarks || now < _nextBookmark) return false;
        // Read before looking for events once more: a bookmark must not promise what has not been sent.
        var revision = _cache.Current.Revision;
        if (HasNext) return !(_ready is not null && ReferenceEquals(_cursor, _ready)) && TryTake(out frame);
        _nextBookmark = now + BookmarkEvery;
        frame = new("BOOKMARK", Bookmark(revision, initialEventsEnd: false));
        return true;
    }

    private ReadOnlyMemory<byte> Encoded(byte[] json) => Encode is null ? json : Encode(json);

    private ReadOnlyMemory<byte> Bookmark(long revision, bool initialEventsEnd)
    {
        var buffer = new ArrayBufferWriter<byte>(160);
        using (var writer = new Utf8JsonWriter(buffer, ApiJson.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("kind"u8, Marked.Kind);
            writer.WriteString("apiVersion"u8, Marked.ApiVersion);
            writer.WriteStartObject("metadata"u8);
            writer.WriteString("resourceVersion"u8, revision.ToString(CultureInfo.InvariantCulture));
            if (initialEventsEnd)
            {
                writer.WriteStartObject("annotations"u8);
                writer.WriteString("k8s.io/initial-events-end"u8, "true"u8);
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        return Encoded(buffer.WrittenSpan.ToArray());
    }

    /// <summary>Nobody reads it any more.</summary>
    public void Dispose()
    {
        if (_closed) return;
        _closed = _ended = true;
        _initial?.Dispose();
        _waiter?.Dispose();
        if (_queue is not null) _cache.Unfollow(_queue);
        Closed?.Invoke();
    }
}
