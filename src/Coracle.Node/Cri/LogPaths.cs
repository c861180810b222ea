using System.Globalization;

namespace Coracle.Node.Cri;

/// <summary>Where logs are, as the kubelet has them: <c>ROOT/NAMESPACE_POD_UID/CONTAINER/ATTEMPT.log</c>.</summary>
public static class LogPaths
{
    /// <summary>A sandbox's log_directory. It and each container's below it must be made before the runtime writes there.</summary>
    public static string Pod(string root, string podNamespace, string podName, string podUid) =>
        Path.Combine(root, $"{podNamespace}_{podName}_{podUid}");

    /// <summary>A container's log_path, below the pod's. That of the previous container has the attempt before.</summary>
    public static string Container(string containerName, long attempt) =>
        Path.Combine(containerName, attempt.ToString(CultureInfo.InvariantCulture) + ".log");
}
