using System.Text;
using Coracle.Node.Streaming;

namespace Coracle.Node.Tests.Streaming;

public sealed class CommandOutcomeTests
{
    [Fact]
    public void An_exit_code_is_a_status_as_kubectl_reads_it() => Assert.Equal(
        """{"metadata":{},"status":"Failure","message":"command terminated with non-zero exit code: error executing command [sh -c exit 3], exit code 3","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"3"}]}}""",
        Encoding.UTF8.GetString(CommandOutcome.FromExitCode(3, ["sh", "-c", "exit 3"]).ToStatusJson()));

    [Fact]
    public void Success_is_a_status_too() =>
        Assert.Equal("""{"metadata":{},"status":"Success"}""", Encoding.UTF8.GetString(new CommandOutcome.Succeeded().ToStatusJson()));

    [Fact]
    public void Every_outcome_survives_the_error_stream()
    {
        foreach (CommandOutcome outcome in new CommandOutcome[]
                 { new CommandOutcome.Succeeded(), CommandOutcome.FromExitCode(137, ["sleep", "1"]), new CommandOutcome.Failed("no such thing") })
            Assert.Equal(outcome, CommandOutcome.Parse(outcome.ToStatusJson()));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("exec: not found", false)]
    [InlineData("{\"status\":", false)]
    [InlineData("{\"status\":\"Failure\",\"details\":[]}", false)]
    public void Text_on_the_error_stream_is_a_failure_and_silence_a_success(string text, bool success) =>
        Assert.Equal(success, CommandOutcome.Parse(Encoding.UTF8.GetBytes(text)) is CommandOutcome.Succeeded);
}
