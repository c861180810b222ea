using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[ApiType]
public sealed partial class Container
{
    [Field(1), Required]
    public string Name { get; set; } = "";

    [Field(2)]
    public string Image { get; set; } = "";

    [Field(3), ListType("atomic")]
    public List<string>? Command { get; set; }

    [Field(4), ListType("atomic")]
    public List<string>? Args { get; set; }

    [Field(5)]
    public string WorkingDir { get; set; } = "";

    [Field(6), ListType("map", "containerPort", "protocol"), Patch("merge", MergeKey = "containerPort")]
    public List<ContainerPort>? Ports { get; set; }

    [Field(19), ListType("atomic")]
    public List<EnvFromSource>? EnvFrom { get; set; }

    [Field(7), ListType("map", "name"), Patch("merge", MergeKey = "name")]
    public List<EnvVar>? Env { get; set; }

    [Field(8)]
    public ResourceRequirements Resources { get; set; } = new();

    [Field(23), ListType("atomic")]
    public List<ContainerResizePolicy>? ResizePolicy { get; set; }

    [Field(24)]
    public string? RestartPolicy { get; set; }

    [Field(25), ListType("atomic")]
    public List<ContainerRestartRule>? RestartPolicyRules { get; set; }

    [Field(9), ListType("map", "mountPath"), Patch("merge", MergeKey = "mountPath")]
    public List<VolumeMount>? VolumeMounts { get; set; }

    [Field(21), ListType("map", "devicePath"), Patch("merge", MergeKey = "devicePath")]
    public List<VolumeDevice>? VolumeDevices { get; set; }

    [Field(10)]
    public Probe? LivenessProbe { get; set; }

    [Field(11)]
    public Probe? ReadinessProbe { get; set; }

    [Field(22)]
    public Probe? StartupProbe { get; set; }

    [Field(12)]
    public Lifecycle? Lifecycle { get; set; }

    [Field(13), Default("/dev/termination-log")]
    public string TerminationMessagePath { get; set; } = "";

    [Field(20), Default("File")]
    public string TerminationMessagePolicy { get; set; } = "";

    [Field(14)]
    public string ImagePullPolicy { get; set; } = "";

    [Field(15)]
    public SecurityContext? SecurityContext { get; set; }

    [Field(16)]
    public bool Stdin { get; set; }

    [Field(17)]
    public bool StdinOnce { get; set; }

    [Field(18)]
    public bool Tty { get; set; }
}

[ApiType]
public sealed partial class ContainerPort
{
    [Field(1)]
    public string Name { get; set; } = "";

    [Field(2)]
    public int HostPort { get; set; }

    [Field(3, Name = "containerPort"), Required]
    public int ContainerPortValue { get; set; }

    [Field(4), Default("TCP", Published = true)]
    public string Protocol { get; set; } = "";

    [Field(5)]
    public string HostIP { get; set; } = "";
}

[ApiType]
public sealed partial class ContainerResizePolicy
{
    [Field(1), Required]
    public string ResourceName { get; set; } = "";

    [Field(2), Required]
    public string RestartPolicy { get; set; } = "";
}

[ApiType]
public sealed partial class ContainerRestartRule
{
    [Field(1), Required]
    public string Action { get; set; } = "";

    [Field(2)]
    public ContainerRestartRuleOnExitCodes? ExitCodes { get; set; }
}

[ApiType]
public sealed partial class ContainerRestartRuleOnExitCodes
{
    [Field(1), Required]
    public string Operator { get; set; } = "";

    [Field(2), ListType("set")]
    public List<int>? Values { get; set; }
}

[ApiType]
public sealed partial class VolumeMount
{
    [Field(1), Required]
    public string Name { get; set; } = "";

    [Field(2)]
    public bool ReadOnly { get; set; }

    [Field(7)]
    public string? RecursiveReadOnly { get; set; }

    [Field(3), Required]
    public string MountPath { get; set; } = "";

    [Field(4)]
    public string SubPath { get; set; } = "";

    [Field(5)]
    public string? MountPropagation { get; set; }

    [Field(6)]
    public string SubPathExpr { get; set; } = "";
}

[ApiType]
public sealed partial class VolumeDevice
{
    [Field(1), Required]
    public string Name { get; set; } = "";

    [Field(2), Required]
    public string DevicePath { get; set; } = "";
}

public static class PullPolicy
{
    public const string Always = "Always";
    public const string Never = "Never";
    public const string IfNotPresent = "IfNotPresent";
}

public static class TerminationMessagePolicy
{
    public const string File = "File";
    public const string FallbackToLogsOnError = "FallbackToLogsOnError";
}

public static class ContainerRestartPolicy
{
    public const string Always = "Always";
    public const string Never = "Never";
    public const string OnFailure = "OnFailure";
}

public static class ContainerRestartRuleAction
{
    public const string Restart = "Restart";
    public const string RestartAllContainers = "RestartAllContainers";
}

public static class ResourceResizeRestartPolicy
{
    public const string NotRequired = "NotRequired";
    public const string RestartContainer = "RestartContainer";
}

public static class MountPropagationMode
{
    public const string None = "None";
    public const string HostToContainer = "HostToContainer";
    public const string Bidirectional = "Bidirectional";
}

public static class RecursiveReadOnlyMode
{
    public const string Disabled = "Disabled";
    public const string IfPossible = "IfPossible";
    public const string Enabled = "Enabled";
}
