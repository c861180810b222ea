using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[ApiType]
public sealed partial class Lifecycle
{
    [Field(1)]
    public LifecycleHandler? PostStart { get; set; }

    [Field(2)]
    public LifecycleHandler? PreStop { get; set; }

    [Field(3)]
    public string? StopSignal { get; set; }
}

[ApiType]
public sealed partial class LifecycleHandler
{
    [Field(1)]
    public ExecAction? Exec { get; set; }

    [Field(2)]
    public HTTPGetAction? HttpGet { get; set; }

    [Field(3)]
    public TCPSocketAction? TcpSocket { get; set; }

    [Field(4)]
    public SleepAction? Sleep { get; set; }
}

[ApiType]
public sealed partial class SleepAction
{
    [Field(1), Required]
    public long Seconds { get; set; }
}
