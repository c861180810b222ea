using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>A program to run in a pod, with its image, resources and surroundings.</summary>
[ApiType]
public sealed partial class Container
{
    /// <summary>The container's name, unique in the pod. Cannot be changed.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";

    /// <summary>The image that holds the program.</summary>
    [Field(2)]
    public string Image { get; set; } = "";

    /// <summary>The program and its first arguments, in place of the image's entry point. $(VAR) stands for an environment variable; $$ for a dollar sign.</summary>
    [Field(3), ListType("atomic")]
    public List<string>? Command { get; set; }

    /// <summary>Arguments, in place of those of the image. $(VAR) is replaced as in command.</summary>
    [Field(4), ListType("atomic")]
    public List<string>? Args { get; set; }

    /// <summary>The directory in which the program starts; the image's own unless given.</summary>
    [Field(5)]
    public string WorkingDir { get; set; } = "";

    /// <summary>Ports on which the program listens. Informative: one left out is reachable all the same.</summary>
    [Field(6), ListType("map", "containerPort", "protocol"), Patch("merge", MergeKey = "containerPort")]
    public List<ContainerPort>? Ports { get; set; }

    /// <summary>Sources of which every key becomes an environment variable. The last source wins, and env wins over all.</summary>
    [Field(19), ListType("atomic")]
    public List<EnvFromSource>? EnvFrom { get; set; }

    /// <summary>Environment variables.</summary>
    [Field(7), ListType("map", "name"), Patch("merge", MergeKey = "name")]
    public List<EnvVar>? Env { get; set; }

    /// <summary>How much of the node's resources the container needs and may use.</summary>
    [Field(8)]
    public ResourceRequirements Resources { get; set; } = new();

    /// <summary>Whether the container must be restarted when its resources change, by resource.</summary>
    [Field(23), ListType("atomic")]
    public List<ContainerResizePolicy>? ResizePolicy { get; set; }

    /// <summary>When this container is restarted, whatever the pod says. Always on an init container makes it a sidecar.</summary>
    [Field(24)]
    public string? RestartPolicy { get; set; }

    /// <summary>Rules for restarts by exit code; the first that matches decides.</summary>
    [Field(25), ListType("atomic")]
    public List<ContainerRestartRule>? RestartPolicyRules { get; set; }

    /// <summary>Volumes of the pod to mount into the container.</summary>
    [Field(9), ListType("map", "mountPath"), Patch("merge", MergeKey = "mountPath")]
    public List<VolumeMount>? VolumeMounts { get; set; }

    /// <summary>Block devices of the pod to give to the container.</summary>
    [Field(21), ListType("map", "devicePath"), Patch("merge", MergeKey = "devicePath")]
    public List<VolumeDevice>? VolumeDevices { get; set; }

    /// <summary>When this check fails, the container is restarted.</summary>
    [Field(10)]
    public Probe? LivenessProbe { get; set; }

    /// <summary>While this check fails, the container gets no traffic from services.</summary>
    [Field(11)]
    public Probe? ReadinessProbe { get; set; }

    /// <summary>Until this check has passed, the others do not run.</summary>
    [Field(22)]
    public Probe? StartupProbe { get; set; }

    /// <summary>What to do after the container's start and before its stop.</summary>
    [Field(12)]
    public Lifecycle? Lifecycle { get; set; }

    /// <summary>File in the container whose content is reported when it ends.</summary>
    [Field(13), Default("/dev/termination-log")]
    public string TerminationMessagePath { get; set; } = "";

    /// <summary>Where that report comes from: File, or FallbackToLogsOnError for the end of the log when the file is empty.</summary>
    [Field(20), Default("File"), OneOf("File", "FallbackToLogsOnError")]
    public string TerminationMessagePolicy { get; set; } = "";

    /// <summary>When the image is pulled: Always, IfNotPresent or Never. Always for the tag "latest", else IfNotPresent.</summary>
    [Field(14), OneOf("Always", "IfNotPresent", "Never")]
    public string ImagePullPolicy { get; set; } = "";

    /// <summary>Users, groups and confinement of this container.</summary>
    [Field(15)]
    public SecurityContext? SecurityContext { get; set; }

    /// <summary>Keep the standard input open, so that one can attach to it.</summary>
    [Field(16)]
    public bool Stdin { get; set; }

    /// <summary>Close the standard input when the first one who attached leaves.</summary>
    [Field(17)]
    public bool StdinOnce { get; set; }

    /// <summary>Give the container a terminal.</summary>
    [Field(18)]
    public bool Tty { get; set; }
}

/// <summary>A port on which a container listens.</summary>
[ApiType]
public sealed partial class ContainerPort
{
    /// <summary>By which services may refer to the port.</summary>
    [Field(1)]
    public string Name { get; set; } = "";

    /// <summary>The port of the node that leads here.</summary>
    [Field(2)]
    public int HostPort { get; set; }

    /// <summary>The port's number in the container.</summary>
    [Field(3, Name = "containerPort"), Required]
    public int ContainerPortValue { get; set; }

    /// <summary>TCP, UDP or SCTP.</summary>
    [Field(4), Default("TCP", Published = true), OneOf("SCTP", "TCP", "UDP")]
    public string Protocol { get; set; } = "";

    /// <summary>The node's address to which hostPort is bound.</summary>
    [Field(5)]
    public string HostIP { get; set; } = "";
}

/// <summary>What a change of one resource means for a container.</summary>
[ApiType]
public sealed partial class ContainerResizePolicy
{
    /// <summary>The resource: cpu or memory.</summary>
    [Field(1), Required]
    public string ResourceName { get; set; } = "";

    /// <summary>NotRequired or RestartContainer.</summary>
    [Field(2), Required]
    public string RestartPolicy { get; set; } = "";
}

/// <summary>What to do when a container ends in a certain way.</summary>
[ApiType]
public sealed partial class ContainerRestartRule
{
    /// <summary>Restart, or RestartAllContainers for those of the whole pod.</summary>
    [Field(1, OmitZero = true), Required]
    public string Action { get; set; } = "";

    /// <summary>The exit codes for which the rule is meant.</summary>
    [Field(2)]
    public ContainerRestartRuleOnExitCodes? ExitCodes { get; set; }
}

/// <summary>A set of exit codes.</summary>
[ApiType]
public sealed partial class ContainerRestartRuleOnExitCodes
{
    /// <summary>In, or NotIn for all codes but these.</summary>
    [Field(1, OmitZero = true), Required]
    public string Operator { get; set; } = "";

    /// <summary>The exit codes.</summary>
    [Field(2), ListType("set")]
    public List<int>? Values { get; set; }
}

/// <summary>A volume mounted into a container.</summary>
[ApiType]
public sealed partial class VolumeMount
{
    /// <summary>The volume's name in the pod.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";

    /// <summary>It cannot be written to.</summary>
    [Field(2)]
    public bool ReadOnly { get; set; }

    /// <summary>Whether mounts below it are read-only as well: Disabled, IfPossible or Enabled.</summary>
    [Field(7)]
    public string? RecursiveReadOnly { get; set; }

    /// <summary>Where in the container it is mounted.</summary>
    [Field(3), Required]
    public string MountPath { get; set; } = "";

    /// <summary>Mount this path of the volume rather than its root.</summary>
    [Field(4)]
    public string SubPath { get; set; } = "";

    /// <summary>Whether mounts made on one side show on the other: None, HostToContainer or Bidirectional.</summary>
    [Field(5), OneOf("Bidirectional", "HostToContainer", "None")]
    public string? MountPropagation { get; set; }

    /// <summary>As subPath, with $(VAR) replaced by the container's environment variables.</summary>
    [Field(6)]
    public string SubPathExpr { get; set; } = "";
}

/// <summary>A block device given to a container.</summary>
[ApiType]
public sealed partial class VolumeDevice
{
    /// <summary>Name of the pod's volume, which must be a claim of a block device.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";

    /// <summary>Where in the container the device appears.</summary>
    [Field(2), Required]
    public string DevicePath { get; set; } = "";
}

/// <summary>When an image is pulled.</summary>
public static class PullPolicy
{
    public const string Always = "Always";
    public const string Never = "Never";
    public const string IfNotPresent = "IfNotPresent";
}

/// <summary>Where the report of a container's end comes from.</summary>
public static class TerminationMessagePolicy
{
    public const string File = "File";
    public const string FallbackToLogsOnError = "FallbackToLogsOnError";
}

/// <summary>When a single container is restarted.</summary>
public static class ContainerRestartPolicy
{
    public const string Always = "Always";
    public const string Never = "Never";
    public const string OnFailure = "OnFailure";
}

/// <summary>What a rule for restarts does.</summary>
public static class ContainerRestartRuleAction
{
    public const string Restart = "Restart";
    public const string RestartAllContainers = "RestartAllContainers";
}

/// <summary>Whether a change of a resource restarts the container.</summary>
public static class ResourceResizeRestartPolicy
{
    public const string NotRequired = "NotRequired";
    public const string RestartContainer = "RestartContainer";
}

/// <summary>Whether mounts made on one side show on the other.</summary>
public static class MountPropagationMode
{
    public const string None = "None";
    public const string HostToContainer = "HostToContainer";
    public const string Bidirectional = "Bidirectional";
}

/// <summary>Whether mounts below a read-only mount are read-only as well.</summary>
public static class RecursiveReadOnlyMode
{
    public const string Disabled = "Disabled";
    public const string IfPossible = "IfPossible";
    public const string Enabled = "Enabled";
}
