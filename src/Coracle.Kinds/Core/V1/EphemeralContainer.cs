using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <remarks>Fields numbered 1_xxx lie in protobuf in a nested message of number 1; JSON has them inline.</remarks>
[ApiType]
public sealed partial class EphemeralContainer
{
    [Field(1_001), Required]
    public string Name { get; set; } = "";

    [Field(1_002)]
    public string Image { get; set; } = "";

    [Field(1_003), ListType("atomic")]
    public List<string>? Command { get; set; }

    [Field(1_004), ListType("atomic")]
    public List<string>? Args { get; set; }

    [Field(1_005)]
    public string WorkingDir { get; set; } = "";

    [Field(1_006), ListType("map", "containerPort", "protocol"), Patch("merge", MergeKey = "containerPort")]
    public List<ContainerPort>? Ports { get; set; }

    [Field(1_019), ListType("atomic")]
    public List<EnvFromSource>? EnvFrom { get; set; }

    [Field(1_007), ListType("map", "name"), Patch("merge", MergeKey = "name")]
    public List<EnvVar>? Env { get; set; }

    [Field(1_008)]
    public ResourceRequirements Resources { get; set; } = new();

    [Field(1_023), ListType("atomic")]
    public List<ContainerResizePolicy>? ResizePolicy { get; set; }

    [Field(1_024)]
    public string? RestartPolicy { get; set; }

    [Field(1_025), ListType("atomic")]
    public List<ContainerRestartRule>? RestartPolicyRules { get; set; }

    [Field(1_009), ListType("map", "mountPath"), Patch("merge", MergeKey = "mountPath")]
    public List<VolumeMount>? VolumeMounts { get; set; }

    [Field(1_021), ListType("map", "devicePath"), Patch("merge", MergeKey = "devicePath")]
    public List<VolumeDevice>? VolumeDevices { get; set; }

    [Field(1_010)]
    public Probe? LivenessProbe { get; set; }

    [Field(1_011)]
    public Probe? ReadinessProbe { get; set; }

    [Field(1_022)]
    public Probe? StartupProbe { get; set; }

    [Field(1_012)]
    public Lifecycle? Lifecycle { get; set; }

    [Field(1_013), Default("/dev/termination-log")]
    public string TerminationMessagePath { get; set; } = "";

    [Field(1_020), Default("File")]
    public string TerminationMessagePolicy { get; set; } = "";

    [Field(1_014)]
    public string ImagePullPolicy { get; set; } = "";

    [Field(1_015)]
    public SecurityContext? SecurityContext { get; set; }

    [Field(1_016)]
    public bool Stdin { get; set; }

    [Field(1_017)]
    public bool StdinOnce { get; set; }

    [Field(1_018)]
    public bool Tty { get; set; }

    [Field(2)]
    public string TargetContainerName { get; set; } = "";
}
