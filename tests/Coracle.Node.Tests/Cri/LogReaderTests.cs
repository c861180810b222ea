using System.Text;
using Coracle.Node.Cri;

namespace Coracle.Node.Tests.Cri;

public sealed class LogReaderTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("coracle-logs-").FullName;
    private readonly CancellationToken _cancel = new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private string PathOf(string name = "0.log") => Path.Combine(_directory, name);

    private string Write(params string[] lines)
    {
        File.WriteAllText(PathOf(), string.Concat(lines.Select(line => line + "\n")));
        return PathOf();
    }

    private async Task<string> Read(LogOptions options, string? path = null)
    {
        var output = new MemoryStream();
        await LogReader.Copy(path ?? PathOf(), options, output, _ => ValueTask.FromResult(false), TimeProvider.System, _cancel);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private static readonly string[] Three =
    [
        "2026-11-21T10:00:01.000000001Z stdout F one",
        "2026-11-21T10:00:02.5Z stderr F two",
        "2026-11-21T10:00:03.123456789+02:00 stdout F three three",
    ];

    [Fact]
    public async Task A_log_is_its_lines_without_what_the_runtime_put_before_them()
    {
        Write(Three);
        Assert.Equal("one\ntwo\nthree three\n", await Read(new LogOptions()));
    }

    [Fact]
    public async Task Timestamps_have_nine_digits_and_keep_their_zone()
    {
        Write(Three);
        Assert.Equal("2026-11-21T10:00:01.000000001Z one\n2026-11-21T10:00:02.500000000Z two\n2026-11-21T10:00:03.123456789+02:00 three three\n",
            await Read(new LogOptions { Timestamps = true }));
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "three three\n")]
    [InlineData(2, "two\nthree three\n")]
    [InlineData(3, "one\ntwo\nthree three\n")]
    [InlineData(99, "one\ntwo\nthree three\n")]
    public async Task The_tail_is_so_many_lines_from_the_end(int lines, string expected)
    {
        Write(Three);
        Assert.Equal(expected, await Read(new LogOptions { TailLines = lines }));
    }

    [Fact]
    public async Task The_tail_of_a_long_log_is_found()
    {
        Write([.. Enumerable.Range(0, 20_000).Select(i => $"2026-11-21T10:00:01Z stdout F {i:00000}")]);
        Assert.Equal(string.Concat(Enumerable.Range(14_000, 6_000).Select(i => $"{i:00000}\n")), await Read(new LogOptions { TailLines = 6_000 }));
    }

    [Fact]
    public async Task Lines_before_the_time_asked_for_are_left_out()
    {
        Write(Three[..2]);
        Assert.Equal("two\n", await Read(new LogOptions { Since = DateTimeOffset.Parse("2026-11-21T10:00:02.5Z") }));
    }

    [Fact]
    public async Task One_output_alone_can_be_asked_for()
    {
        Write(Three);
        Assert.Equal("two\n", await Read(new LogOptions { Streams = LogStreams.Stderr }));
        Assert.Equal("one\nthree three\n", await Read(new LogOptions { Streams = LogStreams.Stdout }));
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(2, "on")]
    [InlineData(4, "one\n")]
    [InlineData(6, "one\ntw")]
    public async Task A_limit_cuts_at_the_byte(int limit, string expected)
    {
        Write(Three);
        Assert.Equal(expected, await Read(new LogOptions { LimitBytes = limit }));
    }

    [Fact]
    public async Task Partial_lines_are_put_together_and_timed_once()
    {
        Write("2026-11-21T10:00:01Z stdout P one ", "2026-11-21T10:00:02Z stdout P:more-tags two ", "2026-11-21T10:00:03Z stdout F three", "2026-11-21T10:00:04Z stdout F next");
        Assert.Equal("one two three\nnext\n", await Read(new LogOptions()));
        Assert.Equal("2026-11-21T10:00:01.000000000Z one two three\n2026-11-21T10:00:04.000000000Z next\n", await Read(new LogOptions { Timestamps = true }));
    }

    [Fact]
    public async Task A_line_that_cannot_be_read_hides_no_other()
    {
        Write("nonsense", "2026-11-21T10:00:01Z stdout", "yesterday stdout F x", "2026-11-21T10:00:01Z stdin F x", "", Three[0]);
        Assert.Equal("one\n", await Read(new LogOptions()));
    }

    [Fact]
    public async Task An_empty_line_is_a_line()
    {
        Write("2026-11-21T10:00:01Z stdout F ", Three[0]);
        Assert.Equal("\none\n", await Read(new LogOptions()));
    }

    [Fact]
    public async Task What_is_being_written_at_the_end_is_given_without_an_end_of_line()
    {
        File.WriteAllText(PathOf(), Three[0] + "\n2026-11-21T10:00:02Z stdout F tw");
        Assert.Equal("one\ntw", await Read(new LogOptions()));
    }

    [Fact]
    public async Task A_log_that_is_not_there_is_an_error() =>
        await Assert.ThrowsAsync<FileNotFoundException>(() => Read(new LogOptions { LimitBytes = 0 }));

    // ---- following

    private sealed class Container
    {
        public volatile bool IsRunning = true;
    }

    private (Task Following, ReadableOutput Output) Follow(Container container, LogOptions? options = null)
    {
        var output = new ReadableOutput();
        var copy = LogReader.Copy(PathOf(), (options ?? new LogOptions()) with { Follow = true }, output,
            _ => ValueTask.FromResult(container.IsRunning), TimeProvider.System, _cancel);
        return (copy, output);
    }

    [Fact]
    public async Task Following_goes_on_with_what_is_written_and_ends_with_the_container()
    {
        Write(Three[0]);
        var container = new Container();
        var (following, output) = Follow(container);
        await output.Until("one\n", _cancel);
        File.AppendAllText(PathOf(), Three[1][..20]);
        File.AppendAllText(PathOf(), Three[1][20..] + "\n");
        await output.Until("one\ntwo\n", _cancel);
        Assert.False(following.IsCompleted);

        File.AppendAllText(PathOf(), Three[2] + "\n");
        container.IsRunning = false;
        await following;
        Assert.Equal("one\ntwo\nthree three\n", output.Text);
    }

    [Fact]
    public async Task Following_a_rotated_log_loses_and_repeats_nothing()
    {
        Write(Three[0]);
        var container = new Container();
        var (following, output) = Follow(container);
        var expected = "one\n";
        for (var i = 0; i < 20; i++)
        {
            await output.Until(expected, _cancel);
            File.Move(PathOf(), PathOf($"old{i}"));
            File.AppendAllText(PathOf($"old{i}"), $"2026-11-21T10:00:01Z stdout F last of {i}\n"); // the writer has not reopened yet
            File.WriteAllText(PathOf(), $"2026-11-21T10:00:01Z stdout F first of {i + 1}\n");
            expected += $"last of {i}\nfirst of {i + 1}\n";
        }
        await output.Until(expected, _cancel);
        container.IsRunning = false;
        await following;
        Assert.Equal(expected, output.Text);
    }

    [Fact]
    public async Task Following_with_a_tail_of_none_gives_only_what_is_new()
    {
        Write(Three[0]);
        var container = new Container();
        var (following, output) = Follow(container, new LogOptions { TailLines = 0 });
        File.AppendAllText(PathOf(), Three[1] + "\n");
        await output.Until("two\n", _cancel);
        container.IsRunning = false;
        await following;
        Assert.Equal("two\n", output.Text);
    }

    [Fact]
    public async Task Following_ends_at_the_limit()
    {
        Write(Three[0]);
        var (following, output) = Follow(new Container(), new LogOptions { LimitBytes = 6 });
        File.AppendAllText(PathOf(), Three[1] + "\n");
        await following;
        Assert.Equal("one\ntw", output.Text);
    }

    /// <summary>What was flushed so far.</summary>
    private sealed class ReadableOutput : Stream
    {
        private readonly object _lock = new();
        private readonly MemoryStream _written = new();
        private TaskCompletionSource _flushed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private string _text = "";

        public string Text
        {
            get
            {
                lock (_lock)
                    return _text;
            }
        }

        public async Task Until(string text, CancellationToken cancel)
        {
            while (true)
            {
                Task flushed;
                lock (_lock)
                {
                    if (_text == text)
                        return;
                    flushed = _flushed.Task;
                }
                await flushed.WaitAsync(cancel);
            }
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _written.Write(buffer.Span);
            return ValueTask.CompletedTask;
        }

        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                _text = Encoding.UTF8.GetString(_written.ToArray());
                _flushed.SetResult();
                _flushed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
            return Task.CompletedTask;
        }

        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => 0;
        public override long Position { get => 0; set { } }
        public override void Flush() { }
        public override int Read(byte[] buffer, int offset, int count) => 0;
        public override long Seek(long offset, SeekOrigin origin) => 0;
        public override void SetLength(long value) { }
        public override void Write(byte[] buffer, int offset, int count) => _written.Write(buffer, offset, count);
    }
}
