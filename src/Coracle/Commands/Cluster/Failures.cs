using System.Net.Sockets;
using System.Text;
using Coracle.Sdk;

namespace Coracle.Commands.Cluster;

/// <summary>A command cannot do what it was asked, for a reason that its user can see to.</summary>
internal sealed class CommandException(string message) : Exception(message);

/// <summary>Several objects were asked for, and these failed.</summary>
internal sealed class CommandFailures(IReadOnlyList<Exception> all) : Exception("several failures")
{
    public IReadOnlyList<Exception> All { get; } = all;

    /// <summary>Nothing, the failure, or all of them.</summary>
    public static void ThrowIfAny(IReadOnlyList<Exception> failures)
    {
        if (failures.Count == 1) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failures[0]);
        if (failures.Count > 1) throw new CommandFailures(failures);
    }
}

/// <summary>Failures in kubectl's words (kubectl/pkg/cmd/util, checkErr).</summary>
internal static class Failures
{
    /// <summary>Null for what is no expected failure.</summary>
    public static string? Tell(Exception failure) => failure switch
    {
        CommandFailures several => string.Concat(several.All.Select(f => (f is ApiException refused ? Line(refused.Status) : Tell(f) ?? f.Message).TrimEnd('\n') + "\n")),
        ApiException refused => Tell(refused.Status),
        CommandException or ClusterConfigException => "error: " + failure.Message,
        TransportException { InnerException.InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } or TransportException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } =>
            "The connection to the server was refused - did you specify the right host or port?",
        TransportException => "Unable to connect to the server: " + failure.Message,
        IOException or UnauthorizedAccessException => "error: " + failure.Message,
        OperationCanceledException => "",
        _ => null,
    };

    internal static string Tell(ApiStatus status) => status.Reason == "Invalid" ? Invalid(status) : Line(status);

    internal static string Line(ApiStatus status) =>
        status.Reason.Length > 0 ? $"Error from server ({status.Reason}): {status.Message}" : $"Error from server: {status.Message}";

    private static string Invalid(ApiStatus status)
    {
        var named = status.Kind.Length > 0 || status.Name.Length > 0;
        var text = named ? $"The {status.Kind} \"{status.Name}\" is invalid" : "The request is invalid";
        var causes = status.Causes.Select(c => $"{c.Field}: {c.Message}").Distinct().ToList();
        if (causes.Count == 0) return named || status.Message.Length == 0 ? text : $"{text}: {status.Message}";
        if (causes.Count == 1) return $"{text}: {causes[0]}\n";
        var lines = new StringBuilder($"{text}: \n");
        foreach (var cause in causes) lines.Append("* ").Append(cause).Append('\n');
        return lines.ToString();
    }
}
