"""The command line. Modules here import only click; what a command needs is imported when it runs.

So `lstm-explorer --help` answers at once, and no command ever imports TensorFlow into its own process.
"""

import click

from lstm_core.cli import app, doctor, run, score, script


class House(click.Group):
    """Tells what a person can cure in words, with exit code 2, and what the training could not do with 1."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; errors of the core become their message."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            from lstm_core.errors import TrainingFailed, UserError

            if not isinstance(error, UserError | TrainingFailed):
                raise
            click.echo(str(error), err=True)
            ctx.exit(2 if isinstance(error, UserError) else 1)


@click.group(cls=House, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="lstm-explorer", message="%(version)s")
@click.pass_context
def main(context: click.Context) -> None:
    """See what an LSTM learns from a series of your own. Without a command, starts the app."""
    if context.invoked_subcommand is None:
        context.invoke(app.app)


for command in (app.app, run.run, score.score, script.script, doctor.doctor):
    main.add_command(command)
