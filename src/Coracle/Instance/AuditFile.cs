using Coracle.ApiServer;
using Coracle.Hosting;
using Coracle.Sdk;

namespace Coracle.Instance;

/// <summary>The audit log as a file: a line for each event. When it is full it makes way for another, and a few before it are kept.</summary>
internal sealed class AuditFile(string path) : AuditSink, IAsyncDisposable
{
    private const long BytesMax = 100 * 1024 * 1024;
    private const int Kept = 3;

    private readonly Lock _lock = new();
    private FileStream? _file;

    /// <summary>The log that a policy asks for; null without a policy.</summary>
    public static AuditOptions? Open(string? policyFile, string path)
    {
        if (policyFile is null) return null;
        string text;
        try
        {
            text = File.ReadAllText(policyFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InstanceException($"the audit policy cannot be read: {e.Message}");
        }
        return AuditPolicy.Parse(text, out var error) is { } policy ? new AuditOptions(policy, new AuditFile(path)) : throw new InstanceException($"{policyFile}: {error}");
    }

    /// <summary>Somebody outside who gets the events too; null when nobody is named.</summary>
    public static AuditWebhook? Webhook(IReadOnlyDictionary<string, string> flags, WebhookTransport network, Action<LogEntry> log)
    {
        if (flags.GetValueOrDefault("--audit-webhook-config-file") is not { } file) return null;
        var (connection, error) = OutsideConnections.Find(file);
        if (connection is null) throw new InstanceException($"{file}: {error}");
        var wait = flags.GetValueOrDefault("--audit-webhook-batch-max-wait") is { } given
            ? Commands.CommonOptions.ParseDuration(given) ?? throw new InstanceException("--audit-webhook-batch-max-wait is a duration such as 30s")
            : TimeSpan.FromSeconds(30);
        return new AuditWebhook(new() { Connection = connection, Network = network, Clock = TimeProvider.System, Wait = wait, OnLost = why => log(new LogEntry(LogSeverity.Warning, "audit", why)) });
    }

    public override void Write(ReadOnlyMemory<byte> line)
    {
        lock (_lock)
        {
            _file ??= NewFile();
            if (_file.Length > BytesMax) Rotate();
            _file.Write(line.Span);
            _file.WriteByte((byte)'\n');
            _file.Flush();
        }
    }

    private FileStream NewFile() => new(path, new FileStreamOptions
    {
        Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.Read | FileShare.Delete, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    });

    private void Rotate()
    {
        _file!.Dispose();
        for (var i = Kept; i > 1; i--)
            if (File.Exists($"{path}.{i - 1}")) File.Move($"{path}.{i - 1}", $"{path}.{i}", overwrite: true);
        File.Move(path, $"{path}.1", overwrite: true);
        _file = NewFile();
    }

    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _file?.Dispose();
            _file = null;
        }
        return default;
    }
}
