using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Coracle.Node.Streaming;

/// <summary>
/// How a remote command ended, and its form on the error stream: a v1 <c>Status</c>. Success is
/// <c>{"metadata":{},"status":"Success"}</c>; an exit code other than 0 is a Failure with reason NonZeroExitCode and one cause
/// ExitCode; anything else a Failure with reason InternalError.
/// Upstream: apimachinery's <c>remotecommand</c> and the kubelet's streaming server.
/// </summary>
public abstract record CommandOutcome
{
    private CommandOutcome() { }

    public sealed record Succeeded : CommandOutcome;

    /// <param name="Code">1..255; 128+n after signal n.</param>
    /// <param name="Detail">What went before the exit code in the message; clients show the code alone.</param>
    public sealed record Exited(int Code, string Detail) : CommandOutcome;

    /// <param name="Detail">What failed, such as <c>error executing command in container: ...</c>.</param>
    public sealed record Failed(string Detail) : CommandOutcome;

    /// <summary>The outcome of <paramref name="command"/> when it ended with this code.</summary>
    public static CommandOutcome FromExitCode(int code, IEnumerable<string> command) => code == 0
        ? new Succeeded()
        : new Exited(code, $"error executing command [{string.Join(' ', command)}], exit code {code.ToString(CultureInfo.InvariantCulture)}");

    private const string ExitedPrefix = "command terminated with non-zero exit code: ";
    private const string FailedPrefix = "Internal error occurred: ";

    /// <summary>The Status' message; empty after a success.</summary>
    public string Message => this switch
    {
        Exited e => ExitedPrefix + e.Detail,
        Failed f => FailedPrefix + f.Detail,
        _ => "",
    };

    public byte[] ToStatusJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("metadata");
            json.WriteEndObject();
            json.WriteString("status", this is Succeeded ? "Success" : "Failure");
            if (this is not Succeeded)
                WriteFailure(json);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private void WriteFailure(Utf8JsonWriter json)
    {
        json.WriteString("message", Message);
        json.WriteString("reason", this is Exited ? "NonZeroExitCode" : "InternalError");
        json.WriteStartObject("details");
        json.WriteStartArray("causes");
        json.WriteStartObject();
        if (this is Exited exited)
            json.WriteString("reason", "ExitCode");
        json.WriteString("message", this is Exited e ? e.Code.ToString(CultureInfo.InvariantCulture) : ((Failed)this).Detail);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        if (this is Failed)
            json.WriteNumber("code", 500);
    }

    /// <summary>Reads what an error stream carried; plain text (older protocols) is a failure, nothing a success.</summary>
    public static CommandOutcome Parse(ReadOnlySpan<byte> status)
    {
        status = status.Trim(" \t\r\n"u8);
        if (status.IsEmpty)
            return new Succeeded();
        if (status[0] != '{')
            return new Failed(Encoding.UTF8.GetString(status));
        try
        {
            var reader = new Utf8JsonReader(status);
            using var document = JsonDocument.ParseValue(ref reader);
            return ParseStatus(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON, or strings in it that are no text.
            return new Failed(Encoding.UTF8.GetString(status));
        }
    }

    private static CommandOutcome ParseStatus(JsonElement status)
    {
        if (Text(status, "status") == "Success")
            return new Succeeded();
        if (Text(status, "reason") == "NonZeroExitCode" && status.TryGetProperty("details", out var details)
            && details.ValueKind == JsonValueKind.Object && details.TryGetProperty("causes", out var causes)
            && causes.ValueKind == JsonValueKind.Array)
        {
            foreach (var cause in causes.EnumerateArray())
            {
                if (Text(cause, "reason") == "ExitCode"
                    && int.TryParse(Text(cause, "message"), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
                    return new Exited(code, Message(status, ExitedPrefix));
            }
        }
        return new Failed(Message(status, FailedPrefix));

        static string Message(JsonElement status, string prefix)
        {
            var message = Text(status, "message") ?? "";
            return message.StartsWith(prefix, StringComparison.Ordinal) ? message[prefix.Length..] : message;
        }

        static string? Text(JsonElement of, string name) =>
            of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString() : null;
    }
}
